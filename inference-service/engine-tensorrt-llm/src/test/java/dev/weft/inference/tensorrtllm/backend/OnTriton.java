package dev.weft.inference.tensorrtllm.backend;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Marks tests that load libtritonserver. They run in a JVM on a C library that is new enough for
 * it, and are left out, with the reason, if it can't run.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("triton")
@EnabledOnOs(
        value = OS.LINUX,
        architectures = "amd64",
        disabledReason = "libtritonserver runs on Linux amd64")
@ExtendWith(TritonCondition.class)
public @interface OnTriton {}
