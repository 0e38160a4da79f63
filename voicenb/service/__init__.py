"""Where sessions go: the hosted service, an emulator, or an address."""
