@NullMarked
package dev.weft.inference.cpu.lora;

import org.jspecify.annotations.NullMarked;
