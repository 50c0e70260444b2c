"""Computing engines: plain core types in and out, one door each."""
