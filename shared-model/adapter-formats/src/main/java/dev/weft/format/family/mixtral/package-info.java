/** Mixtral: Mistral's attention with experts. */
@NullMarked
package dev.weft.format.family.mixtral;

import org.jspecify.annotations.NullMarked;
