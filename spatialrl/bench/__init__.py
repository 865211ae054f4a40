"""What `spatialrl bench` measures that needs no workers."""
