"""The compiled loops that solve a penalised fit's step: priors, a Cholesky factor, its solution."""

from __future__ import annotations

import math

from tapal.engines.signals.compiled import borrowed
from tapal.engines.signals.pool_mass import Floats

# A pivot below this share of its diagonal is rounding.
LEAST_PIVOT = 1e-14


@borrowed
def penalise(
    score: Floats, information: Floats, beta: Floats, penalty: Floats, dispersion: float
) -> None:
    """Add the priors: normal ones, and half a case for the level.

    That is Jeffreys' prior of a rate, so that zeros alone give a mean, too.
    """
    score[0] += 0.5
    for j in range(beta.size):
        information[j, j] += penalty[j] * dispersion + 1e-9
        score[j] -= penalty[j] * dispersion * beta[j]


@borrowed
def factorise(matrix: Floats) -> None:
    """Put the Cholesky factor of a symmetric matrix in the place of its lower triangle."""
    for j in range(matrix.shape[0]):
        for i in range(j, matrix.shape[0]):
            value = matrix[i, j]
            for k in range(j):
                value -= matrix[i, k] * matrix[j, k]
            if i > j:
                matrix[i, j] = value / matrix[j, j]
            else:
                matrix[j, j] = math.sqrt(max(value, LEAST_PIVOT * matrix[j, j]))


@borrowed
def halfway(factor: Floats, value: Floats) -> float:
    """Solve factor x = value in place; the square of x: what value' inverse value is."""
    total = 0.0
    for j in range(value.size):
        for k in range(j):
            value[j] -= factor[j, k] * value[k]
        value[j] /= factor[j, j]
        total += value[j] * value[j]
    return total


@borrowed
def solve(factor: Floats, value: Floats) -> float:
    """Solve matrix x = value in place; the longest of x."""
    halfway(factor, value)
    longest = 0.0
    for j in range(value.size - 1, -1, -1):
        for k in range(j + 1, value.size):
            value[j] -= factor[k, j] * value[k]
        value[j] /= factor[j, j]
        longest = max(longest, abs(value[j]))
    return longest
