"""R's `surveillance` names: methods and parameters as its manual has them, made into settings.

A parameter string is `name=value;name=value` with values as R prints them (see `rvalues`).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tapal.engines.signals.cusum import Cusum, cusum
from tapal.engines.signals.ears import ALPHAS, Ears, ears
from tapal.engines.signals.farrington import Farrington, farrington
from tapal.engines.signals.flexible import Flexible, flexible
from tapal.engines.signals.glr import Glr, glr
from tapal.engines.signals.outbreakp import OutbreakP, outbreakp
from tapal.engines.signals.recent import Cdc, Recent, bayes, cdc, rki
from tapal.engines.signals.rvalues import (
    BadParameter,
    Reader,
    at_least_one,
    chance,
    choice,
    expected_count,
    flag,
    mean_model,
    number,
    optional,
    pair,
    positive,
    power,
    whole,
    window,
)
from tapal.engines.signals.seasonal import Seasonal
from tapal.engines.signals.series import Outcome

# What runs: (series, points, settings) -> Outcome. Any: each method has settings of its own.
Run = Callable[..., Outcome]

# For each of R's names the field of the settings, and the reader of its value.
Table = dict[str, tuple[str, Reader]]


@dataclass(frozen=True)
class RMethod:
    """A method by R's name: its settings with R's defaults, how it runs, how it reads parameters.

    `parameters` gives for each of R's names the settings' field ('' where it changes nothing
    here) and the reader of its value. `expected` tells whether the reference gives a mean.
    """

    run: Run
    settings: Any
    parameters: Table
    expected: bool = False

    def read(self, text: str) -> Any:
        """The settings that a parameter string asks for. Raises BadParameter."""
        changes: dict[str, Any] = {}
        for part in filter(None, (part.strip() for part in text.split(";"))):
            name, _, value = part.partition("=")
            if name.strip() not in self.parameters:
                raise BadParameter(name.strip())
            field, reader = self.parameters[name.strip()]
            if field:
                changes[field] = reader(value.strip().strip("\"'"))
            else:
                reader(value.strip())
        return replace(self.settings, **changes)


SILENT_ONES: Table = {
    "verbose": ("", str),
    "glmWarnings": ("", str),
    "range": ("", str),
    "plot": ("", str),
}
FARRINGTON: Table = {
    "b": ("b", at_least_one),
    "w": ("w", whole),
    "reweight": ("reweight", flag),
    "alpha": ("alpha", chance),
    "trend": ("trend", flag),
    "limit54": ("limit54", pair),
    "powertrans": ("powertrans", power),
    **SILENT_ONES,
}
FITS = ("algo.farrington.fitGLM", "algo.farrington.fitGLM.fast")
WITH_POPULATION = "algo.farrington.fitGLM.populationOffset"
RECENT: Table = {
    "b": ("b", whole),
    "w": ("w", whole),
    "actY": ("this_year", flag),
    **SILENT_ONES,
}
BAYES: Table = RECENT | {"alpha": ("alpha", chance)}
GLR: Table = {
    "c.ARL": ("c", number),
    "mu0": ("mu0", mean_model),
    "alpha": ("alpha", optional(number)),
    "Mtilde": ("least", at_least_one),
    "M": ("window", window),
    "change": ("change", choice("intercept", "epi")),
    "theta": ("theta", optional(number)),
    "dir": ("direction", choice("inc", "dec")),
    "ret": ("ret", choice("value", "cases")),
    "xMax": ("most", at_least_one),
    **SILENT_ONES,
}


def fit_function(text: str) -> bool:
    """Whether the fit function of that name takes the population as an offset."""
    return choice(*FITS, WITH_POPULATION)(text) == WITH_POPULATION


METHODS: dict[str, RMethod] = {
    "farringtonFlexible": RMethod(
        flexible,
        Flexible(),
        FARRINGTON
        | {
            "weightsThreshold": ("weights_threshold", number),
            "pThresholdTrend": ("p_threshold_trend", number),
            "noPeriods": ("no_periods", at_least_one),
            "pastWeeksNotIncluded": ("past_not_included", optional(whole)),
            "thresholdMethod": ("threshold", choice("delta", "nbPlugin", "muan")),
            "populationOffset": ("population_offset", flag),
            "dispersion": ("dispersion", choice("surveillance", "textbook")),
            "fitFun": ("", choice("algo.farrington.fitGLM.flexible")),
        },
        expected=True,
    ),
    "farrington": RMethod(
        farrington,
        Farrington(),
        FARRINGTON
        | {
            "populationOffset": ("population_offset", flag),
            "fitFun": ("population_offset", fit_function),
        },
    ),
    "earsC": RMethod(
        ears,
        Ears(),
        {
            "method": ("method", choice(*ALPHAS)),
            "baseline": ("baseline", at_least_one),
            "minSigma": ("min_sigma", number),
            "alpha": ("alpha", optional(chance)),
            "compat": ("compat", choice("surveillance", "textbook")),
            **SILENT_ONES,
        },
    ),
    "cusum": RMethod(
        cusum,
        Cusum(),
        {
            "k": ("k", number),
            "h": ("h", number),
            "m": ("m", expected_count),
            "trans": (
                "trans",
                choice(
                    "standard",
                    "rossi",
                    "anscombe",
                    "anscombe2nd",
                    "pearsonNegBin",
                    "anscombeNegBin",
                    "none",
                ),
            ),
            "alpha": ("alpha", lambda text: 0.1 if text.upper() == "NULL" else positive(text)),
            "reset": ("reset", flag),
            **SILENT_ONES,
        },
        expected=True,
    ),
    "glrnb": RMethod(glr, Glr(mu0=Seasonal(1, False), alpha=None), GLR, expected=True),
    "glrpois": RMethod(
        glr,
        Glr(mu0=Seasonal(1, False)),
        {name: reader for name, reader in GLR.items() if name != "alpha"},
        expected=True,
    ),
    "bayes": RMethod(bayes, Recent(), BAYES),
    "bayes1": RMethod(bayes, Recent(), {"alpha": ("alpha", chance), **SILENT_ONES}),
    "bayes2": RMethod(bayes, Recent(1, 6, True), {"alpha": ("alpha", chance), **SILENT_ONES}),
    "bayes3": RMethod(bayes, Recent(2, 4, False), {"alpha": ("alpha", chance), **SILENT_ONES}),
    "rki": RMethod(rki, Recent(2, 4, False), RECENT),
    "rki1": RMethod(rki, Recent(), SILENT_ONES),
    "rki2": RMethod(rki, Recent(1, 6, True), SILENT_ONES),
    "rki3": RMethod(rki, Recent(2, 4, False), SILENT_ONES),
    "cdc": RMethod(
        cdc,
        Cdc(),
        {"b": ("b", at_least_one), "m": ("m", whole), "alpha": ("alpha", chance), **SILENT_ONES},
    ),
    "outbreakP": RMethod(
        outbreakp,
        OutbreakP(),
        {
            "k": ("k", number),
            "ret": ("ret", choice("value", "cases")),
            "maxUpperboundCases": ("max_cases", at_least_one),
            "compat": ("compat", choice("surveillance", "textbook")),
            **SILENT_ONES,
        },
    ),
}


def past_needed(method: str, settings: Any, freq: int) -> int:
    """How many points before the first evaluated one the method must have at that frequency."""
    if method in {"farrington", "farringtonFlexible"}:
        return int(settings.b * freq + settings.w)
    if isinstance(settings, Recent):
        return int(max(settings.b * freq, 0) + settings.w)
    if isinstance(settings, Cdc):
        return int(settings.b * freq + 4 * settings.m + 3)
    return 0
