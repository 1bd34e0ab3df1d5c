package dev.weft.inference.server.settings;

import dev.weft.service.settings.EngineSettings;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Whether the engine is a server beside the worker. The settings are there before any bean. */
public final class EngineBeside implements Condition {
    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        ConfigurableListableBeanFactory beans = context.getBeanFactory();
        return beans != null
                && beans.getSingleton(EngineSettings.class.getName()) instanceof EngineSettings it
                && it.engine().isRelayed();
    }

    /** Whether the engine is in the worker's process. */
    public static final class Not implements Condition {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return !new EngineBeside().matches(context, metadata);
        }
    }
}
