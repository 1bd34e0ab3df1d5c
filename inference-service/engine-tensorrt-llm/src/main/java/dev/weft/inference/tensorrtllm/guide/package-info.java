/**
 * The forms that TensorRT-LLM's XGrammar is asked to enforce, and how they are sent. XGrammar
 * leaves out what it does not know, and an error of it ends all requests of the model, so it gets
 * only forms that it enforces by its sources, written anew.
 */
@NullMarked
package dev.weft.inference.tensorrtllm.guide;

import org.jspecify.annotations.NullMarked;
