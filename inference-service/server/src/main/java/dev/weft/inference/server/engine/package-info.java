/**
 * The engine in the worker's process: which one a deployment gets, its settings, and the test that
 * it passes before it serves. Reads the deployment and opens the checkpoint.
 */
@NullMarked
package dev.weft.inference.server.engine;

import org.jspecify.annotations.NullMarked;
