"""The words of the house: plain Python that every other room speaks. Nothing here knows a domain."""
