/**
 * One worker: an engine with a base model behind an OpenAI-compatible HTTP API. {@link
 * dev.weft.inference.server.WorkerService} is the way in for launchers and tests.
 */
@NullMarked
package dev.weft.inference.server;

import org.jspecify.annotations.NullMarked;
