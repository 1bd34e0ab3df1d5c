/**
 * {@code bench adapters}: LoRA adapters with random weights that fit a checkpoint, as PEFT would
 * save them. Their answers make no sense, but cost as much as those of trained ones.
 */
@NullMarked
package dev.weft.standalone.bench.synthetic;

import org.jspecify.annotations.NullMarked;
