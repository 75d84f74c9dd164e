"""Coordinates in the system of a file, placed on the map or said to be nowhere."""

from __future__ import annotations

from functools import cache
from math import isfinite
from typing import Any

from cases.imports.mapping import PlaceColumns

WGS84 = "EPSG:4326"
DECIMALS = 6
"""About ten centimeters; more would pretend."""


@cache
def transformer(crs: str) -> Any:
    """Return what turns x and y of *crs* into longitude and latitude; raises for an unknown one."""
    from pyproj import Transformer

    return Transformer.from_crs(crs, WGS84, always_xy=True)


def placed(x: str, y: str, columns: PlaceColumns) -> tuple[float, float] | None:
    """Return latitude and longitude, or None for coordinates that cannot be placed.

    Blank, not a number, 0, 0 (which stands for "not known") and outside the plausible bounds.
    """
    try:
        east, north = float(x), float(y)
    except ValueError:
        return None
    if not (isfinite(east) and isfinite(north)) or (east == 0 and north == 0):
        return None
    lon, lat = (east, north)
    if columns.crs != WGS84:
        lon, lat = transformer(columns.crs).transform(east, north)
    west, south, east_end, north_end = columns.bounds
    if not (west <= lon <= east_end and south <= lat <= north_end):
        return None
    return round(lat, DECIMALS), round(lon, DECIMALS)
