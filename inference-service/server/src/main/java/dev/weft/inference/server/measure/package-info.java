/**
 * Measures a base model's quality in each precision, without a worker. It loads the model, reads a
 * text, and owns nothing afterwards.
 */
@NullMarked
package dev.weft.inference.server.measure;

import org.jspecify.annotations.NullMarked;
