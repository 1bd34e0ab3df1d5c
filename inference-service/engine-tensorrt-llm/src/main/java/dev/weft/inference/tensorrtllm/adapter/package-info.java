/**
 * The engine's adapters as TensorRT-LLM takes them: their weights, outside the Java heap, and the
 * numbers that its cache knows them by. The weights stay here as long as an adapter is in a slot or
 * in the host cache, since the cache of TensorRT-LLM may drop an adapter at any time and asks for
 * its weights again. Any thread.
 */
@NullMarked
package dev.weft.inference.tensorrtllm.adapter;

import org.jspecify.annotations.NullMarked;
