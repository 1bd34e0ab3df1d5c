package dev.weft.inference.server.checkpoint;

import java.nio.file.Path;

/** The base model's checkpoint on this machine. */
public record Checkpoint(Path folder) {}
