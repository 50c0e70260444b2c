"""The road, a file per stage; every change of the store is an action here."""
