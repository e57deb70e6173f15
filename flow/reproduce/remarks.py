# SPDX-License-Identifier: Apache-2.0
"""The sentences of the report: what is compared, what it means, what disagrees."""

import numpy as np

from pulsewright.flow.reproduce.results import Results, fraction_name
from pulsewright.flow.reproduce.squared_errors import milli
from pulsewright.flow.reproduce.tasks import RIDGE_NAME, Point, Protocol
from pulsewright.hls_model.presets import PRESETS
from pulsewright.quant.paper.published import FULL_DATA_MSE
from pulsewright.quant.paper.targets import Target
from pulsewright.quant.splits import SplitKind

WHOLE = 1.0
# The largest fraction that the published scripts run.
LAST_OF_SCRIPT = 0.1
# Of the curves, the worst.
WORST_SHARE = 0.05


def introduction(results: Results) -> str:
    """What is compared, on which data, and how the models are trained."""
    settings, curves = results.settings, results.curves
    training = settings.published
    about = (
        "The paper is Spetzler et al., APL Mach. Learn. 3, 026103 (2025), "
        "[doi:10.1063/5.0251113](https://doi.org/10.1063/5.0251113); its code is "
        "[apl-rram-nn-codes](https://github.com/fritscherm/apl-rram-nn-codes)."
    )
    data = (
        f"{curves.curves} curves of {curves.pulses} pulses, {curves.rows} rows, "
        f"{int(curves.parameter_set.max()) + 1} parameter sets, the most frequent of them "
        f"{int(results.reference.sum())} times."
    )
    if not results.measured:
        data += (
            " These are not the paper's measurements: its figures are printed beside ours for "
            "orientation, and no verdict is given."
        )
    protocol = (
        f"*Published protocol*: inputs with mean 0 and deviation 1, each curve scaled to 0..1, "
        f"three quarters of the rows for training, Adam with learning rate "
        f"{training.learning_rate:g}, batches of {training.batch_size}, {training.epochs} epochs, "
        f"dropout {training.dropout:g}, the final state. A fraction of the data is a beginning of "
        f"the shuffled training rows. Seeds {', '.join(map(str, settings.seeds))} draw split, "
        "first weights, order and dropout; 42 by rows is the very split of the published code. "
        "The code shuffles within windows of 100 rows, here all rows are shuffled.\n"
        "*Own training*: the project's float training with a tenth of the training rows for "
        f"validation, seeds {', '.join(map(str, settings.own_seeds))}.\n"
        "*Ridge*: seven fixed features and eight parameters in closed form, on the same rows as "
        "the published protocol. The features were chosen on the measured curves, on random "
        "splits with other seeds, so that its figures there are slightly on the bright side."
    )
    return f"{about}\n\n{data}\n\n{protocol}\n"


def ridge_sentence(results: Results) -> str:
    """Up to which fraction the ridge regression is ahead of every network."""
    ahead = []
    for fraction in results.settings.level_rows:
        networks = [
            float(results.column(_level(Protocol.PUBLISHED, name, fraction), "test_mse").mean())
            for name in results.settings.networks
        ]
        ridge = _level(Protocol.RIDGE, RIDGE_NAME, fraction)
        if float(results.column(ridge, "test_mse").mean()) < min(networks):
            ahead.append(fraction)
        else:
            break
    if not ahead:
        return "The ridge regression is behind the best network already at the smallest fraction.\n"
    return (
        f"Up to {fraction_name(ahead[-1])} of the data the ridge regression has a smaller mean "
        "test error than every network trained by the published protocol.\n"
    )


def floor_sentences(results: Results) -> str:
    """What the floor says and what not, and how far above it the project's own training is."""
    floor = results.floors[Target.LEVEL]
    sentences = (
        f"Curves of one parameter set have the same six inputs at every pulse, and "
        f"{floor.repeated_curves} of the {floor.curves} curves are of a set that was measured "
        "more than once. A model cannot tell such curves apart, on no split: even where "
        "neighbours of a test row were trained on, nothing in its inputs says which curve it is "
        f"of. So no function of the inputs has a mean squared error below "
        f"{floor.any_function:.5f} over the rows of this data set, which is what every such row "
        "predicted by the mean of its equals leaves; sets measured once count as predicted "
        "exactly. This is arithmetic, not a model. By rows the test is a random part of these "
        "rows, and what a trained row does to the prediction for its equals in the test draws "
        "it to the trained one, not to them. What it does not say: on other devices the figure "
        f"varies (standard error by curve {floor.any_function_se:.5f}, a few bad devices rule "
        "it).\n\n"
        f"*Read noise* is an estimate: a function that is smooth in N leaves some "
        f"{floor.read_noise:.5f} more on the sets measured once. *New curve* is for curves never "
        "seen of a known set: the unbiased variance within sets, again with nothing counted for "
        "the sets measured once, so that it is below what can be expected; on sets never seen "
        "more is lost.\n"
    )
    own = _level(Protocol.OWN, "A1", WHOLE)
    if results.has(own):
        above = float(results.column(own, "test_mse").mean()) - floor.any_function
        sentences += (
            f"\nA1 by the project's own training is {above:.5f} above the floor, "
            f"{above - floor.read_noise:.5f} above floor and read noise together.\n"
        )
    return sentences


def target_sentences(results: Results) -> str:
    """How much of the increments is explained; empty if they were not trained on."""
    point = Point(
        Protocol.PUBLISHED, SplitKind.ROWS, Target.INCREMENT, results.settings.networks[0], WHOLE
    )
    if not results.has(point):
        return ""
    explained = 100 * float(results.column(point, "r_squared").mean())
    mse, floor = float(results.column(point, "test_mse").mean()), results.floors[Target.INCREMENT]
    text = (
        f"**Target.** The text predicts the increment of I_r,n per pulse and sums; the code "
        f"predicts I_r,n. Trained on increments, {point.model} explains {explained:.1f} % of their "
        "variance on the test rows at full data. Spread of equal pulses and read noise alone are "
        f"{milli(floor.any_function + floor.read_noise)}e-3 of its test MSE of {milli(mse)}e-3."
    )
    level = point._replace(target=Target.LEVEL)
    if results.has(level):
        summed, direct = (
            float(np.nanmean(results.column(one, "curve_mse"))) for one in (point, level)
        )
        text += (
            f" Whole curves summed from them have an MSE of {1000 * summed:.2f}e-3, predicted "
            f"directly {1000 * direct:.2f}e-3."
        )
    return text + "\n"


def fraction_sentences(results: Results) -> str:
    """How far the published scripts go, and what the errors are there."""
    text = (
        "**Fractions.** `do.sh` runs the numbers 1 to 100, and the scripts divide by 1000: as "
        "published they end at 10 % of the training rows. The line that divides by 100 is "
        "commented out."
    )
    points = [
        _level(Protocol.PUBLISHED, name, LAST_OF_SCRIPT) for name in results.settings.networks
    ]
    if results.measured and all(results.has(point) for point in points):
        means = [float(results.column(point, "test_mse").mean()) for point in points]
        low, high = FULL_DATA_MSE
        inside = sum(low <= mean <= high for mean in means)
        listed = ", ".join(
            f"{point.model} {milli(mean)}e-3" for point, mean in zip(points, means, strict=True)
        )
        text += (
            f" There {listed}; {inside} of {len(means)} are in the paper's range for full data, so "
            "that its figure may be of either."
        )
    return text + "\n"


def split_sentences(results: Results) -> str:
    """What the three splits ask for, and how few curves rule the mean."""
    point = _level(Protocol.PUBLISHED, results.settings.networks[0], WHOLE)
    ruled = "a few bad devices"
    if results.has(point):
        errors = np.sort(results.column(point, "curve_mse"), axis=1)
        worst = max(1, round(WORST_SHARE * results.curves.curves))
        share = float((errors[:, -worst:].sum(axis=1) / errors.sum(axis=1)).mean())
        ruled += (
            f" ({worst} of {results.curves.curves} curves carry {100 * share:.0f} % of the "
            f"squared error of {point.model} by rows)"
        )
    return (
        "By rows, neighbours of a test row on its own curve are trained on; for the sets measured "
        "once that tells the device. By curve and by parameter set they are not, and these two "
        f"are the honest ones. The error is ruled by {ruled}, so it is given with a standard "
        "error that takes whole curves as the independent draws, and beside the median curve. "
        "The published protocol trains by parameter set on as many rows as every seed leaves. "
        "Differences below the standard error count only where they are paired on one split.\n"
    )


CURVE_SENTENCES = (
    "All pulses of a curve are predicted and compared with the curve, the trained rows among "
    "them, as in the paper. The paper shows one curve, an ordinary one of a good device: a "
    "comment in the script names curve 3, originally 5, both of the setting that was measured "
    "most often. So the median over the curves of that setting stands beside the paper's figure, "
    "and the share of them at or below it. The mean over all curves is ruled by bad devices, "
    "which no network can tell from good ones.\n"
)

DISAGREEMENTS = (
    "**Hidden layers.** The text counts 2, 3, 4 for A1, A2, A3. Table II and the code fit "
    f"1, 2, 3 of 64 neurons: {', '.join('-'.join(map(str, one)) for one in PRESETS.values())}.\n\n"
    "**Split.** The text splits 3:1:1; the code draws 75:25 by rows and has no third part.\n\n"
    "**Data.** The text has 260 curves and 26 000 rows; the published files have 266 and 26 600.\n"
    "\n"
    "**Whole curves.** The script takes the pulse parameters from *row* k of the table and "
    "compares with *curve* k. Rows 1 to 9 are all of curve 0, so that every prediction is for the "
    "parameters of curve 0.\n\n"
    "**9.3 pJ/FLOP.** The text gives it for PULPissimo; the source it cites is NTX, an fp32 "
    "streaming coprocessor in 22 nm FD-SOI.\n"
)


def _level(protocol: Protocol, model: str, fraction: float) -> Point:
    return Point(protocol, SplitKind.ROWS, Target.LEVEL, model, fraction)
