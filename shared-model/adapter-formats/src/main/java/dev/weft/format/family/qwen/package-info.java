/** Qwen 2 and 3, dense and with experts. */
@NullMarked
package dev.weft.format.family.qwen;

import org.jspecify.annotations.NullMarked;
