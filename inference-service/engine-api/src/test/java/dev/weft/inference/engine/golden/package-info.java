/** Answers of engines beside those of transformers and PEFT, for the tests of engines. */
@NullMarked
package dev.weft.inference.engine.golden;

import org.jspecify.annotations.NullMarked;
