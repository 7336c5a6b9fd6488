"""What tests of several rooms share: invented pages, the gold of the real ones, notebooks, browsers."""
