"""The worker as a module of its own, started by `tapal serve`."""

from tapal.web.cli.serve import worker

if __name__ == "__main__":
    worker()
