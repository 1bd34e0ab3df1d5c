/**
 * Files of a checkpoint's folder in JSON, read as a whole. Whoever needs one reads it when the
 * worker starts. Owns nothing; any thread.
 */
@NullMarked
package dev.weft.inference.server.json;

import org.jspecify.annotations.NullMarked;
