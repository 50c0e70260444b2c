"""The country whose border this is, ISO 3166 alpha-3 as in ICAO 9303."""

HOME = "IDN"
