"""Device selection: where the model runs, chosen once, and said once with its reason."""

from __future__ import annotations


def chosen_device(flag: str | None) -> str:
    """Return the device from flag, environment or file, and say why it is that one.

    Raises:
        UsageError: cuda is asked for and there is none.
    """
    from abduce.cli.console import say
    from abduce.settings import read_settings
    from extraction import choose_device

    device = choose_device(read_settings(device=flag).device)
    say(f"device: {device.name} ({device.reason})")
    return device.name
