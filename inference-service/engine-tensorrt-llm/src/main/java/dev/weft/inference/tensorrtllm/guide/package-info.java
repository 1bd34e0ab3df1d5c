/**
 * The forms that TensorRT-LLM's XGrammar is asked to enforce, and how they are sent. XGrammar
 * ignores keywords that it does not know, and an error in it ends all requests of the model. So it
 * gets only forms, written anew, that it enforces according to its sources.
 */
@NullMarked
package dev.weft.inference.tensorrtllm.guide;

import org.jspecify.annotations.NullMarked;
