"""An on-premise line: calls from a SIP trunk or telephone, no carrier outside. Optional: the extra `sip`."""
