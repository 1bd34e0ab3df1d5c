/** Llama and the families that are the same blocks: Mistral, SmolLM3, Ernie 4.5. */
@NullMarked
package dev.weft.format.family.llama;

import org.jspecify.annotations.NullMarked;
