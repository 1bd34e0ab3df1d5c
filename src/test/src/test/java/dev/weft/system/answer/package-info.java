/** The answers of the bundled sample, held against those that its training script expects. */
@NullMarked
package dev.weft.system.answer;

import org.jspecify.annotations.NullMarked;
