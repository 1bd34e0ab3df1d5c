/**
 * Chat templates and special tokens of Hugging Face folders. Templates are compiled once, and any
 * thread may render them.
 */
@NullMarked
package dev.weft.chat;

import org.jspecify.annotations.NullMarked;
