@NullMarked
package dev.weft.inference.cpu.model;

import org.jspecify.annotations.NullMarked;
