"""From a media reference to pixels: probed, planned, decoded, sized. One pipeline for rollout, actor and evaluation."""
