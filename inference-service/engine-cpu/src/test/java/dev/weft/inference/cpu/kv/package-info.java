@NullMarked
package dev.weft.inference.cpu.kv;

import org.jspecify.annotations.NullMarked;
