/**
 * {@code bench adapters}: LoRA adapters of random weights that fit a checkpoint, as PEFT would save
 * them. They say nothing sensible, and cost as much as trained ones.
 */
@NullMarked
package dev.weft.standalone.bench.synthetic;

import org.jspecify.annotations.NullMarked;
