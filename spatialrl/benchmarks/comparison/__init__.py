"""Results of several models on the same benchmarks, side by side: one page, one table, one CSV."""
