"""Run the server with the settings of the environment: `python server.py` is the same as `lms serve`."""

from lms.cli import main

if __name__ == "__main__":
    main(["serve"])
