"""Who is it? Passkeys, API keys, sign-in, verification of countersignatures; knows person ids only."""
