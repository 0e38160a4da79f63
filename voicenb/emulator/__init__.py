"""A local server that speaks the service's contract, with ears, a brain and a mouth of its own."""
