"""What lies outside? Tables, channels, telemetry, identity providers: one file each."""
