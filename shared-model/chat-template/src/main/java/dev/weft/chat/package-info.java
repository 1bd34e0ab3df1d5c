/**
 * Chat templates and special tokens as Hugging Face folders carry them. Templates are compiled once
 * and rendered by any thread.
 */
@NullMarked
package dev.weft.chat;

import org.jspecify.annotations.NullMarked;
