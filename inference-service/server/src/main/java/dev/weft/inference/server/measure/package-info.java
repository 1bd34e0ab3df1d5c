/**
 * What a base model is worth in each precision, without a worker. Loads the model, reads a text,
 * and owns nothing afterwards.
 */
@NullMarked
package dev.weft.inference.server.measure;

import org.jspecify.annotations.NullMarked;
