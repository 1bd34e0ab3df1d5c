package dev.weft.settings;

import dev.weft.settings.text.Sizes;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** A size between two others, both included; Bean Validation has no such constraint. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.PARAMETER})
@Constraint(validatedBy = SizeRange.Check.class)
public @interface SizeRange {
    /** The least size, as a setting spells it, e.g. {@code 1KiB}. */
    String min() default "0";

    /** The largest size, as a setting spells it. */
    String max() default "1024TiB";

    String message() default "is out of range";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Compares bytes. */
    final class Check implements ConstraintValidator<SizeRange, DataSize> {
        private DataSize min = DataSize.ofBytes(0);
        private DataSize max = DataSize.ofBytes(Long.MAX_VALUE);

        @Override
        public void initialize(SizeRange range) {
            min = Sizes.parse(range.min());
            max = Sizes.parse(range.max());
        }

        @Override
        public boolean isValid(@Nullable DataSize size, ConstraintValidatorContext context) {
            return size == null || (size.compareTo(min) >= 0 && size.compareTo(max) <= 0);
        }
    }
}
