/**
 * {@code engine plan|build}: makes a TensorRT-LLM engine and its Triton model repository from a
 * deployment file, with NVIDIA's own tools. Planning decides everything and runs nothing; building
 * runs the plan.
 */
@NullMarked
package dev.weft.standalone.engine;

import org.jspecify.annotations.NullMarked;
