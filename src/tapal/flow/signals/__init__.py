"""Early warning over the lake: declared signals counted, listed each night, and alerts made of them."""
