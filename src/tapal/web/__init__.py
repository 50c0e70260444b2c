"""The desk: settings, pages, API and the command line. It shows and asks; flow decides."""
