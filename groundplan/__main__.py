"""`python -m groundplan` is the `groundplan` command."""

from groundplan.launcher import main

if __name__ == "__main__":
    main()
