/** Families of decoders, from the tokenizer to the tokens, against reference outputs. */
@org.jspecify.annotations.NullMarked
package dev.weft.inference.server.families;
