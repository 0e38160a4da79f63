"""``python -m voicenb``: the same as the ``voicenb`` command."""

from voicenb.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
