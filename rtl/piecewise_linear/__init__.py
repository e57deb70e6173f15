# SPDX-License-Identifier: Apache-2.0
"""The engine that computes curves by the switches of its hidden neurons.

Nothing of jobs and registers is known here, and no folding: one neuron is loaded a cycle.
"""
