/**
 * Workers before a server: stubs of vLLM, SGLang and trtllm-serve, and a real vLLM if it is there.
 */
@NullMarked
package dev.weft.system.relay;

import org.jspecify.annotations.NullMarked;
