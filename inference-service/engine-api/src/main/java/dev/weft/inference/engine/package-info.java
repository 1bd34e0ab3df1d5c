/**
 * The engine port: what a worker asks of an engine that runs one base model with many adapters.
 * Imperative and framework-free; every engine passes {@code EngineContractTest}.
 */
@NullMarked
package dev.weft.inference.engine;

import org.jspecify.annotations.NullMarked;
