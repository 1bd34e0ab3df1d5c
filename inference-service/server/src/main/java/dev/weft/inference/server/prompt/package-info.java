/**
 * Turns conversations into prompts. It chooses which chat template renders a request (the adapter's
 * own if its folder brings one, else the checkpoint's) and which tokens end its answers. Templates
 * are compiled once per adapter digest.
 */
@NullMarked
package dev.weft.inference.server.prompt;

import org.jspecify.annotations.NullMarked;
