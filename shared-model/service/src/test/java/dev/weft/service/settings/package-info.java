@NullMarked
package dev.weft.service.settings;

import org.jspecify.annotations.NullMarked;
