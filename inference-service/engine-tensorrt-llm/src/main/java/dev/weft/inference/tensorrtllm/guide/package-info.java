/**
 * Answers that TensorRT-LLM's XGrammar is asked to hold to a form: which forms those are, and how
 * they are told. XGrammar leaves out what it does not know, and an error of it ends all requests of
 * the model, so that it gets nothing but what it was read to hold answers to, written anew.
 */
@NullMarked
package dev.weft.inference.tensorrtllm.guide;

import org.jspecify.annotations.NullMarked;
